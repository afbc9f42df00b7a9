import { VkFailure } from '../vk/errors';
import { viewWall } from '../world/wallView';
import { WALL_READERS, type Method } from './method';
import { getReadableCommunity } from './readableWall';
import { renderWallPage, resolveOwner, type WallReply } from './wallPage';

export const wallGet: Method = {
  kinds: WALL_READERS,
  run: (context, params): WallReply => {
    const { switches } = context;
    const { wall } = getReadableCommunity(context, resolveOwner(context, params));
    const filter = params.text('filter') || 'all';
    if (filter === 'donut') throw new VkFailure(15, 'no donut subscription');
    const view = viewWall(wall, filter, switches);
    if (!view) throw new VkFailure(100, 'filter is incorrect');
    const isTooDeep =
      switches.wallOffsetMax > 0 && params.int('offset', 0, { min: 0 }) > switches.wallOffsetMax;
    return renderWallPage(context, params, {
      wall,
      view: isTooDeep ? { ...view, list: [] } : view,
      defaultCount: switches.defaultWallCount,
    });
  },
};
