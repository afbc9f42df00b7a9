import { CliError, EXIT } from '../output/cliError';
import type { Sentences } from '../output/sentences/en';
import { createConnectionError, createReplyError } from './httpErrors';

export interface SendOptions {
  /** Of the service, to name it where it fails. */
  url: string;
  sentences: Sentences;
  /** Ends every request, as Ctrl-C does. */
  signal: AbortSignal;
}

/** Sends a request and reads its answer. @throws CliError, or the reason of the signal. */
export type Send = <T>(
  address: string,
  init: RequestInit,
  read: (response: Response) => T | Promise<T>,
) => Promise<T>;

export const createSend =
  ({ url, sentences, signal: end }: SendOptions): Send =>
  async (address, init, read) => {
    try {
      end.throwIfAborted();
      const signal = init.signal ? AbortSignal.any([end, init.signal]) : end;
      const response = await fetch(address, { ...init, signal });
      if (!response.ok) throw await createReplyError(response, url, sentences);
      return await read(response);
    } catch (error) {
      end.throwIfAborted();
      throw error instanceof CliError ? error : createConnectionError(error, url, sentences);
    }
  };

/** The answer once all of it is here. @throws CliError where it is nothing of Stenograf's. */
export const readJson =
  ({ url, sentences }: Pick<SendOptions, 'url' | 'sentences'>) =>
  async (response: Response): Promise<Response> => {
    const { status, headers } = response;
    if (status === 204) return response;
    if (headers.get('content-type')?.startsWith('application/json') !== true) {
      throw new CliError(EXIT.failed, sentences.notStenograf(url, status));
    }
    return new Response(await response.text(), { status, headers });
  };
