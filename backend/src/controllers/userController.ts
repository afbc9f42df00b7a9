import type { CreateUserBody, SetPasswordBody, UpdateUserBody } from '@stenograf/contracts/access';
import { presentSignInLink, presentUser } from '../presenters/accessPresenter';
import { presentPage } from '../presenters/taskPresenter';
import type { ForceQuery } from '../schemas/accessSchemas';
import type { ListQuery } from '../schemas/parameters';
import type { UserService } from '../services/userService';
import type { Controller } from './route';

interface IdParams {
  id: number;
}

export interface UserController {
  create: Controller<object, object, CreateUserBody>;
  list: Controller<object, ListQuery>;
  get: Controller<IdParams>;
  update: Controller<IdParams, ForceQuery, UpdateUserBody>;
  setPassword: Controller<IdParams, object, SetPasswordBody>;
  createLink: Controller<IdParams>;
}

export const createUserController = ({
  userService,
}: {
  userService: UserService;
}): UserController => ({
  async create({ body }, response) {
    const user = await userService.createUser(body);
    response.status(201).location(`/api/v1/users/${user.id}`).json(presentUser(user));
  },
  async list({ query: { cursor, limit }, seal }, response) {
    const page = await userService.listUsers({ after: cursor, limit });
    response.json(presentPage(page, presentUser, seal));
  },
  async get({ params }, response) {
    response.json(presentUser(await userService.getUser(params.id)));
  },
  async update({ params, query, body }, response) {
    response.json(presentUser(await userService.updateUser(params.id, body, query)));
  },
  async setPassword({ params, body }, response) {
    await userService.setPassword(params.id, body.password);
    response.status(204).end();
  },
  async createLink({ params }, response) {
    response.status(201).json(presentSignInLink(await userService.createSignInLink(params.id)));
  },
});
