import type { ModelStatic, Sequelize } from 'sequelize';
import { defineAuthor, type AuthorRow } from './Author';
import { defineComment, type CommentRow } from './Comment';
import { defineCommunity, type CommunityRow } from './Community';
import { definePost, type PostRow } from './Post';
import { defineTarget, type TargetRow } from './Target';
import { defineTask, type TaskRow } from './Task';
import { defineTaskEvent, type TaskEventRow } from './TaskEvent';
import { defineTaskPost, type TaskPostRow } from './TaskPost';
import { defineWalk, type WalkRow } from './Walk';

export interface Models {
  Task: ModelStatic<TaskRow>;
  Target: ModelStatic<TargetRow>;
  Walk: ModelStatic<WalkRow>;
  Community: ModelStatic<CommunityRow>;
  Author: ModelStatic<AuthorRow>;
  Post: ModelStatic<PostRow>;
  Comment: ModelStatic<CommentRow>;
  TaskPost: ModelStatic<TaskPostRow>;
  TaskEvent: ModelStatic<TaskEventRow>;
}

/**
 * Defines the models and their relations on one connection pool. Constraints and defaults live in the
 * migrations alone.
 */
export const createModels = (sequelize: Sequelize): Models => {
  const models: Models = {
    Task: defineTask(sequelize),
    Target: defineTarget(sequelize),
    Walk: defineWalk(sequelize),
    Community: defineCommunity(sequelize),
    Author: defineAuthor(sequelize),
    Post: definePost(sequelize),
    Comment: defineComment(sequelize),
    TaskPost: defineTaskPost(sequelize),
    TaskEvent: defineTaskEvent(sequelize),
  };
  models.Task.hasMany(models.Target, { foreignKey: 'taskId', as: 'taskTargets' });
  models.Target.belongsTo(models.Task, { foreignKey: 'taskId', as: 'task' });
  models.Target.hasMany(models.Walk, { foreignKey: 'targetId', as: 'walks' });
  models.Walk.belongsTo(models.Target, { foreignKey: 'targetId', as: 'target' });
  models.Task.hasMany(models.TaskEvent, { foreignKey: 'taskId', as: 'events' });
  models.Task.hasMany(models.TaskPost, { foreignKey: 'taskId', as: 'taskPosts' });
  return models;
};
