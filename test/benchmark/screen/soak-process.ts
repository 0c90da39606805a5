import {soak} from './soak-run.js';

process.stdout.write(JSON.stringify(await soak(Number(process.argv[2]))));
process.exit(0);
