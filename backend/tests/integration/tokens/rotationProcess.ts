import { readConfig } from '../../../config/env';
import { createContainer } from '../../../src/container';

/** Rotates the secret of the home again and again, until somebody kills it. */
const { vkTokenService } = createContainer(readConfig(process.env));
for (;;) {
  await vkTokenService.rotate();
  process.stdout.write('rotated\n');
}
