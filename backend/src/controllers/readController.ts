import {
  presentAuthor,
  presentAuthorDetails,
  presentComment,
  presentCommunity,
  presentCommunityDetails,
  presentFound,
  presentPost,
  presentRoot,
} from '../presenters/recordPresenter';
import { presentPage } from '../presenters/taskPresenter';
import type {
  AuthorListQuery,
  CommentListQuery,
  CommunityListQuery,
  PostListQuery,
  PostParams,
  UnderPostQuery,
} from '../schemas/readSchemas';
import type { ReadService } from '../services/reading/readService';
import type { ListPlace, RecordListService } from '../services/reading/recordListService';
import type { Controller } from './route';

interface IdParams {
  id: number;
}

export interface ReadController {
  listPosts: Controller<object, PostListQuery>;
  getPost: Controller<PostParams>;
  listUnderPost: Controller<PostParams, UnderPostQuery>;
  listComments: Controller<object, CommentListQuery>;
  listAuthors: Controller<object, AuthorListQuery>;
  getAuthor: Controller<IdParams>;
  listCommunities: Controller<object, CommunityListQuery>;
  getCommunity: Controller<IdParams>;
}

const toRequest = <Query extends { limit: number; cursor?: ListPlace; sort: unknown }>({
  limit,
  cursor,
  sort,
  ...query
}: Query) => ({ query, sort: sort as Query['sort'], limit, place: cursor ?? null });

const toPage = ({ limit, cursor }: { limit: number; cursor?: number }) => ({
  after: cursor ?? null,
  limit,
});

export const createReadController = ({
  recordListService,
  readService,
}: {
  recordListService: RecordListService;
  readService: ReadService;
}): ReadController => ({
  async listPosts({ query, seal, language }, response) {
    const page = await recordListService.listPosts(toRequest(query));
    response.json(presentFound(page, presentPost, { seal, language }));
  },
  async listComments({ query, seal, language }, response) {
    const page = await recordListService.listComments(toRequest(query));
    response.json(presentFound(page, presentComment, { seal, language }));
  },
  async getPost({ params }, response) {
    const post = { ownerId: params.owner_id, id: params.id };
    response.json(presentPost(await readService.getPost(post)));
  },
  async listUnderPost({ params, query, seal }, response) {
    const post = { ownerId: params.owner_id, id: params.id };
    if (query.view === 'tree') {
      const page = await readService.listTree(post, toPage(query));
      response.json(presentPage(page, presentRoot, seal));
      return;
    }
    const page = await readService.listFlat(post, query.thread ?? null, toPage(query));
    response.json(presentPage(page, presentComment, seal));
  },
  async listAuthors({ query, seal }, response) {
    const { limit, cursor = null, q: name = null, task: taskId = null, ...written } = query;
    const page = await readService.listAuthors({ name, taskId, written, limit, place: cursor });
    response.json(presentPage(page, presentAuthor, seal));
  },
  async getAuthor({ params }, response) {
    const { author, counts } = await readService.getAuthor(params.id);
    response.json(presentAuthorDetails(author, counts));
  },
  async listCommunities({ query, seal }, response) {
    const { q: name = null, task: taskId = null, collected: isCollected = null } = query;
    const page = await readService.listCommunities({ name, taskId, isCollected }, toPage(query));
    response.json(presentPage(page, presentCommunity, seal));
  },
  async getCommunity({ params }, response) {
    response.json(presentCommunityDetails(await readService.getCommunity(params.id)));
  },
});
