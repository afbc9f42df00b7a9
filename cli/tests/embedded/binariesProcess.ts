import { join } from 'node:path';
import { chooseAccount } from '../../src/embedded/account';
import { ensurePostgresBinaries } from '../../src/embedded/postgresBinaries';

/** Prints where PostgreSQL's programs can be run, with the given folder for what must be copied. */
const [shared = ''] = process.argv.slice(2);
process.umask(0o077);
const account = chooseAccount(join(shared, 'new data'));
process.stdout.write(await ensurePostgresBinaries(account, shared));
