import type { Language } from '@stenograf/contracts/reasons';

interface Texts {
  title: string;
  about: string;
  name: string;
  password: string;
  signIn: string;
  signOut: string;
  signedInAs: string;
  roles: { viewer: string; operator: string; admin: string };
  docs: string;
  queues: string;
  needsScript: string;
  /** Said by the script, which finds them by these names. */
  said: { waiting: string; wrong: string; linkUsed: string; tooMany: string; failed: string };
}

const TEXTS: Record<Language, Texts> = {
  en: {
    title: 'Stenograf',
    about: 'Posts and comments of VK communities, word for word.',
    name: 'Name',
    password: 'Password',
    signIn: 'Sign in',
    signOut: 'Sign out',
    signedInAs: 'Signed in as',
    roles: { viewer: 'reads', operator: 'reads and collects', admin: 'administers' },
    docs: 'Description of the HTTP API',
    queues: 'Queue of the workers',
    needsScript: 'Signing in needs JavaScript.',
    said: {
      waiting: 'One moment…',
      wrong: 'The name or the password is wrong.',
      linkUsed: 'This link was used already or is too old. Ask for a new one, or sign in here.',
      tooMany: 'Too many attempts. Try again in a few minutes.',
      failed: 'That did not work: Stenograf cannot be reached, or failed. Try again.',
    },
  },
  ru: {
    title: 'Стенограф',
    about: 'Записи и комментарии сообществ ВКонтакте, слово в слово.',
    name: 'Имя',
    password: 'Пароль',
    signIn: 'Войти',
    signOut: 'Выйти',
    signedInAs: 'Вы вошли как',
    roles: { viewer: 'читает', operator: 'читает и собирает', admin: 'администратор' },
    docs: 'Описание HTTP API',
    queues: 'Очередь заданий',
    needsScript: 'Для входа нужен JavaScript.',
    said: {
      waiting: 'Секунду…',
      wrong: 'Неверное имя или пароль.',
      linkUsed: 'Ссылка уже использована или устарела. Попросите новую или войдите здесь.',
      tooMany: 'Слишком много попыток. Попробуйте через несколько минут.',
      failed: 'Не получилось: Стенограф недоступен или ошибся. Попробуйте ещё раз.',
    },
  },
};

const dataset = (prefix: string, texts: Record<string, string>): string =>
  Object.entries(texts)
    .map(([name, text]) => `data-${prefix}-${name.toLowerCase()}="${text}"`)
    .join(' ');

/** All texts are of this file: nothing needs to be escaped. */
export const renderStartPage = (language: Language): string => {
  const texts = TEXTS[language];
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${texts.title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/start.css">
    <script src="/start.js" defer></script>
  </head>
  <body>
    <main ${dataset('said', texts.said)} ${dataset('role', texts.roles)}>
      <h1>${texts.title}</h1>
      <p class="about">${texts.about}</p>
      <p id="message" role="status"></p>
      <noscript><p>${texts.needsScript}</p></noscript>
      <form id="signed-out" method="post" hidden>
        <label for="name">${texts.name}</label>
        <input id="name" name="name" autocomplete="username" autocapitalize="none" required>
        <label for="password">${texts.password}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required>
        <button>${texts.signIn}</button>
      </form>
      <section id="signed-in" tabindex="-1" hidden>
        <p>${texts.signedInAs} <strong id="who"></strong> <span id="role"></span></p>
        <ul>
          <li><a href="/docs">${texts.docs}</a></li>
          <li id="for-admins" hidden><a href="/admin/queues">${texts.queues}</a></li>
        </ul>
        <button id="sign-out" type="button">${texts.signOut}</button>
      </section>
    </main>
  </body>
</html>
`;
};
