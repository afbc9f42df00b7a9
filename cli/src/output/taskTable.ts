import type { TaskDto } from '@stenograf/contracts/api';
import type { Colors } from './colors';
import { formatNumber, padEndTo, padStartTo, printable } from './format';
import type { Sentences } from './sentences/en';

interface Column {
  title: string;
  align: 'left' | 'right';
  cell: (task: TaskDto) => string;
}

const createColumns = ({ columns, status }: Sentences): Column[] => [
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
): string[] => {
  const columns = createColumns(sentences).map((column) => {
    const cells = tasks.map(column.cell);
    const width = Math.max(...[column.title, ...cells].map((text) => Bun.stringWidth(text)));
    const pad = (text: string): string =>
      column.align === 'right' ? padStartTo(text, width) : padEndTo(text, width);
    return { title: pad(column.title), cells: cells.map(pad) };
  });
  return [
    colors.dim(
      columns
        .map(({ title }) => title)
        .join('  ')
        .trimEnd(),
    ),
    ...tasks.map((_, row) =>
      columns
        .map(({ cells }) => cells[row] ?? '')
        .join('  ')
        .trimEnd(),
    ),
  ];
};
