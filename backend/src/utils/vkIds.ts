const safe = (digits: string | undefined): number | null => {
  const id = Number(digits);
  return digits !== undefined && Number.isSafeInteger(id) ? id : null;
};

/**
 * A stored community by its id: `1`, `-1`, `club1`. Not by its short name, which may belong to
 * another one today.
 * @returns the positive id, null for anything else.
 */
export const parseCommunityId = (text: string): number | null =>
  safe(/^(?:-|club|public|event)?([1-9]\d{0,15})$/i.exec(text)?.[1]);

/** Who wrote: a person (`5`, `id5`) above zero, a community (`-1`, `club1`) below. */
export const parseWriterId = (text: string): number | null => {
  const person = safe(/^(?:id)?([1-9]\d{0,15})$/i.exec(text)?.[1]);
  if (person !== null) return person;
  const community = parseCommunityId(text);
  return community === null ? null : -community;
};
