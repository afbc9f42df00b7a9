'use strict';

const find = (id) => document.getElementById(id);
const main = document.querySelector('main');
const form = find('signed-out');

let csrfToken = '';

/** What the page brought along in its language: `data-said-wrong`. */
const text = (name) => main.getAttribute(`data-${name}`);

/** @param name of a sentence; none: nothing is said */
const say = (name, isBad = true) => {
  const message = find('message');
  message.textContent = name ? text(`said-${name}`) : '';
  message.className = isBad ? 'bad' : '';
};

const showForm = () => {
  find('signed-in').hidden = true;
  form.hidden = false;
  find(find('name').value === '' ? 'name' : 'password').focus();
};

const showSession = ({ user, csrf_token: token }) => {
  csrfToken = token;
  say('');
  form.hidden = true;
  form.reset();
  find('who').textContent = user.name;
  find('role').textContent = `(${text(`role-${user.role}`)})`;
  find('for-admins').hidden = user.role !== 'admin';
  find('signed-in').hidden = false;
  find('signed-in').focus();
};

const send = (method, body) =>
  fetch('/api/v1/session', {
    method,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken },
    body: body && JSON.stringify(body),
  });

/** @param refused what a 401 means here */
const signIn = async (body, refused) => {
  say('waiting', false);
  const response = await send('POST', body);
  if (response.ok) return showSession(await response.json());
  say({ 400: refused, 401: refused, 429: 'toomany' }[response.status] ?? 'failed');
  showForm();
};

const readSession = async () => {
  const response = await send('GET');
  if (response.ok) return showSession(await response.json());
  if (response.status !== 401) say('failed');
  showForm();
};

const signOut = async () => {
  const response = await send('DELETE');
  // A session that ended meanwhile is as good.
  if (!response.ok && response.status !== 401) return say('failed');
  csrfToken = '';
  say('');
  showForm();
};

/** A link's token leaves the address, and so the history, before it is used up. */
const begin = () => {
  const token = new URLSearchParams(location.hash.slice(1)).get('link_token');
  if (token === null) return readSession();
  history.replaceState(null, '', location.pathname);
  return signIn({ link_token: token }, 'linkused');
};

const attempt = (work) =>
  work().catch(() => {
    say('failed');
    if (find('signed-in').hidden) showForm();
  });

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const { name, password } = Object.fromEntries(new FormData(form));
  void attempt(() => signIn({ name, password }, 'wrong'));
});
find('sign-out').addEventListener('click', () => void attempt(signOut));
// A link that is pasted where the page is open already.
addEventListener('hashchange', () => void attempt(begin));
void attempt(begin);
