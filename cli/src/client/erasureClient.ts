import type { ErasureDto } from '@stenograf/contracts/access';

/** What is stored of a person. Neither is bounded in time: both read whole tables. */
export interface ErasureClient {
  preview(personId: number): Promise<ErasureDto>;
  erase(personId: number): Promise<ErasureDto>;
}

type Send = (path: string, init?: { method: 'DELETE' }) => Promise<Response>;

export const createErasureClient = (send: Send): ErasureClient => {
  const read = async (response: Promise<Response>): Promise<ErasureDto> =>
    (await (await response).json()) as ErasureDto;
  return {
    preview: (personId) => read(send(`/authors/${personId}/erasure`)),
    erase: (personId) => read(send(`/authors/${personId}`, { method: 'DELETE' })),
  };
};
