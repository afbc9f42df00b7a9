import type { ErasureDto } from '@stenograf/contracts/access';
import type { Erasure, ErasureService } from '../services/erasing/erasureService';
import type { Controller } from './route';

interface IdParams {
  id: number;
}

export interface ErasureController {
  preview: Controller<IdParams>;
  erase: Controller<IdParams>;
}

const present = (id: number, erasure: Erasure): ErasureDto => ({
  id,
  erased_at: erasure.erasedAt?.toISOString() ?? null,
  names: erasure.names,
  posts: erasure.posts,
  comments: erasure.comments,
  mentions: erasure.mentions,
  task_links: erasure.taskLinks,
  events: erasure.events,
});

export const createErasureController = ({
  erasureService,
}: {
  erasureService: ErasureService;
}): ErasureController => ({
  async preview({ params: { id } }, response) {
    response.json(present(id, await erasureService.preview(id)));
  },
  async erase({ params: { id } }, response) {
    response.json(present(id, await erasureService.erase(id)));
  },
});
