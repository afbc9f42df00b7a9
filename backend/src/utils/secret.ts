import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

const SHOWN_LENGTH_MIN = 12;

/** A credential that shows itself only to `reveal`: printing, logging or serialising it does not. */
export class Secret {
  readonly #value: string;
  /** 16 hex characters of its SHA-256: names the credential in keys and logs. */
  readonly fingerprint: string;
  /** The last four characters, for people to tell their tokens apart; hidden if it is short. */
  readonly last4: string;

  constructor(value: string) {
    this.#value = value;
    this.fingerprint = createHash('sha256').update(value).digest('hex').slice(0, 16);
    this.last4 = value.length < SHOWN_LENGTH_MIN ? '????' : value.slice(-4);
  }

  reveal(): string {
    return this.#value;
  }

  /** `text` without this credential, for text that came from outside. */
  redactFrom(text: string): string {
    return this.#value === '' ? text : text.replaceAll(this.#value, '[secret]');
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
