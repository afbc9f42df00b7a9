import type { TaskDto } from '@stenograf/contracts/api';
import type { Colors } from './colors';
import { formatNumber, printable } from './format';
import type { Sentences } from './sentences/en';
import { renderTable, type Column } from './table';

const createColumns = ({ columns, status }: Sentences): Column<TaskDto>[] => [
  { title: columns.id, align: 'right', cell: ({ id }) => String(id) },
  { title: columns.status, align: 'left', cell: (task) => status[task.status] },
  {
    title: columns.communities,
    align: 'right',
    cell: ({ targets }) => formatNumber(targets.total),
  },
  { title: columns.posts, align: 'right', cell: ({ metrics }) => formatNumber(metrics.posts) },
  {
    title: columns.comments,
    align: 'right',
    cell: ({ metrics }) => formatNumber(metrics.comments),
  },
  {
    title: columns.created,
    align: 'left',
    cell: (task) => task.created_at.slice(0, 16).replace('T', ' '),
  },
  { title: columns.name, align: 'left', cell: ({ name }) => printable(name ?? '') },
];

/** Tasks as a table, one a line, the newest as they come. Times are UTC. */
export const renderTaskTable = (
  tasks: TaskDto[],
  { colors, sentences }: { colors: Colors; sentences: Sentences },
): string[] => renderTable(createColumns(sentences), tasks, { colors });
