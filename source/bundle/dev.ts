import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {watch} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

// `npm run dev -- --rate 200`: the program, rebuilt and restarted when a source file changes. Ends with the program.

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Milliseconds without a change after which to rebuild: an editor may write several files, each in several steps. */
const quietMs = 150;

let program: ChildProcess | undefined;
let isChanged = true;

async function stop(): Promise<void> {
	const stopped = program;
	program = undefined;
	if (stopped?.kill('SIGTERM')) await once(stopped, 'exit');
}

function start(): void {
	const started = spawn(process.execPath, [join(root, 'dist/cli.js'), ...process.argv.slice(2)], {
		cwd: root,
		stdio: 'inherit',
	});
	started.on('exit', (code) => {
		if (started === program) process.exit(code ?? 1);
	});
	program = started;
}

/** Builds and starts the program; again if files have changed in the meantime. */
async function restart(): Promise<void> {
	while (isChanged) {
		isChanged = false;
		await stop();
		// On Windows npm is a batch file, which only a shell runs.
		const build = spawn('npm run build --silent', {cwd: root, stdio: 'inherit', shell: true});
		const [code] = await once(build, 'exit');
		if (!isChanged && code === 0) start();
	}
}

let running = Promise.resolve();
let timer: NodeJS.Timeout | undefined;
watch(join(root, 'source'), {recursive: true}, () => {
	isChanged = true;
	clearTimeout(timer);
	timer = setTimeout(() => {
		running = running.then(restart);
	}, quietMs);
});
running = restart();
