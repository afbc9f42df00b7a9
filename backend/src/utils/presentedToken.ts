/** What VK's tokens are made of; the shortest that VK gives have 56 characters, sandboxes less. */
const TOKEN = /^[\w.-]{8,2000}$/;

/** The address bar after signing in: `https://oauth.vk.ru/blank.html#access_token=…&expires_in=…`. */
const IN_ADDRESS = /(?:^|[#?&])access_token=([^&#\s]+)/;

/** The token in what a person pasted, be it the whole address; null if there is none. */
export const parsePresentedToken = (text: string): string | null => {
  const pasted = text.trim();
  const token = IN_ADDRESS.exec(pasted)?.[1] ?? pasted;
  return TOKEN.test(token) ? token : null;
};
