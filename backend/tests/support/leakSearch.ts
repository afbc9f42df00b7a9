/** Places and what was found there: each text is searched for every secret in every form. */
export type Places = Readonly<Record<string, readonly string[]>>;

/** Of any number of bytes before it, the part of the encoding that depends on the secret alone. */
const base64Forms = (secret: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const whole = bytes.toString('base64').replaceAll('=', '');
    const sure = whole.slice(before === 0 ? 0 : before + 1, -2);
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });

/** How a secret may be written: as it is, escaped for an address or for JSON, encoded, as bytes. */
export const formsOf = (secret: string): string[] => [
  ...new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    ...base64Forms(secret),
    Buffer.from(secret).toString('hex'),
  ]),
];

/** Where secrets show, by the names they are given, with a few characters around each. */
export const findLeaks = (secrets: Readonly<Record<string, string>>, places: Places): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).flatMap((form) =>
      Object.entries(places).flatMap(([place, texts]) =>
        texts.flatMap((text) => {
          const at = text.indexOf(form);
          if (at < 0) return [];
          const around = text.slice(Math.max(0, at - 60), at + form.length + 20);
          return [`${name} in ${place}: …${around}…`];
        }),
      ),
    ),
  );
