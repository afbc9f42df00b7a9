import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import type { Container } from '../../src/container';

/** All records of an export, of one task or of everything. */
export const exportRecords = async (
  { exportService }: Pick<Container, 'exportService'>,
  taskId?: number,
): Promise<ExportRecord[]> => {
  const query = taskId === undefined ? {} : { task: taskId };
  const stream = await exportService.open({ kind: 'all', format: 'ndjson', query });
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExportRecord);
};
