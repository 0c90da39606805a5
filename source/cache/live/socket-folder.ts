import {lstat, mkdir, readdir, unlink} from 'node:fs/promises';
import {connect} from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {isAbsolute, join} from 'node:path';
import {RedisCacheError} from '../../pool/errors.js';
import {unixNow} from '../../time/real-time.js';

/** Longest path of a socket that all systems accept, in bytes. */
const maxPathBytes = 103;

/** Age in milliseconds up to which a socket without a listener is kept: its process may not listen yet. */
const youngMs = 2000;

/** Most sockets that are examined. */
const maxSockets = 256;

/** The folder of sockets cannot be used. */
export class LiveFolderError extends RedisCacheError {
	override readonly name = 'LiveFolderError';

	constructor(message: string) {
		super('ERR_LIVE_FOLDER', message);
	}
}

/** The address of a process that can be watched. */
export type LiveSocket = {readonly path: string; readonly pid: number};

const isWindows = process.platform === 'win32';

/** On Windows, named pipes of all users are in one place. */
const pipes = '\\\\.\\pipe\\';

const namePattern = /^(?:redis-cache-tui-.*-)?(\d{1,10})-(\d{1,4})(?:\.sock)?$/;

/** @param number Distinguishes the sockets of one process: those of threads, and of several copies of this package. */
export function socketPath(folder: string, number: number): string {
	if (isWindows) return `${folder}redis-cache-tui-${userInfo().username}-${process.pid}-${number}`;
	const path = join(folder, `${process.pid}-${number}.sock`);
	if (Buffer.byteLength(path) > maxPathBytes)
		throw new LiveFolderError(`the path ${path} is too long for a socket: set XDG_RUNTIME_DIR to a shorter one`);
	return path;
}

/**
 * The folder for the sockets of this user, created if missing: others can neither list nor reach what is in it.
 *
 * @throws {LiveFolderError} It cannot be created, or others can write to it.
 */
export async function openSocketFolder(): Promise<string> {
	if (isWindows) return pipes;
	const runtime = await runtimeFolder();
	const folder = runtime === undefined ? temporaryFolder() : join(runtime, 'redis-cache-tui');
	await mkdir(folder, {mode: 0o700}).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EEXIST') throw new LiveFolderError(`${folder} cannot be created: ${error.message}`);
	});
	const problem = await problemOf(folder);
	if (problem !== undefined) throw new LiveFolderError(problem);
	return folder;
}

export type LiveSockets = {
	readonly sockets: readonly LiveSocket[];
	/** The reasons why folders were skipped, one line for each, with advice. */
	readonly refused: readonly string[];
};

/**
 * The sockets of this user's processes, in all folders that their environments may have selected. Folders that other users can
 * write to are skipped: another user could place a fake socket there.
 */
export async function listSockets(): Promise<LiveSockets> {
	const {folders, refused} = await viewedFolders();
	const lists = await Promise.all(folders.map(socketsIn));
	return {sockets: lists.flat().slice(0, maxSockets), refused};
}

/**
 * Removes the sockets of processes that crashed: nothing accepts connections, and the process no longer exists. If a process
 * with that id exists, it may be another one; then the age of the socket decides.
 */
export async function removeStaleSockets(folder: string): Promise<void> {
	if (isWindows) return;
	await Promise.all((await socketsIn(folder)).map((socket) => removeIfStale(socket)));
}

/** @returns True if the socket was removed. */
export async function removeIfStale({path, pid}: LiveSocket): Promise<boolean> {
	const found = await lstat(path).catch(() => undefined);
	if (!found?.isSocket()) return false;
	const isYoung = unixNow() - found.mtimeMs < youngMs;
	if ((isYoung && isAlive(pid)) || !(await isRefused(path))) return false;
	return unlink(path).then(
		() => true,
		() => false,
	);
}

async function viewedFolders(): Promise<{readonly folders: readonly string[]; readonly refused: readonly string[]}> {
	if (isWindows) return {folders: [pipes], refused: []};
	const runtime = await runtimeFolder();
	const usual = join('/run/user', String(process.getuid?.()));
	const candidates = [runtime, usual].filter((folder) => folder !== undefined);
	const all = [...new Set([...candidates.map((folder) => join(folder, 'redis-cache-tui')), temporaryFolder()])];
	const isThere = await Promise.all(all.map((folder) => lstat(folder).then(Boolean, () => false)));
	const folders = all.filter((_, index) => isThere[index]);
	const problems = await Promise.all(folders.map(problemOf));
	return {
		folders: folders.filter((_, index) => problems[index] === undefined),
		refused: problems.filter((problem) => problem !== undefined),
	};
}

async function socketsIn(folder: string): Promise<readonly LiveSocket[]> {
	const names = await readdir(folder).catch((): string[] => []);
	const own = isWindows ? names.filter((name) => name.startsWith(`redis-cache-tui-${userInfo().username}-`)) : names;
	return own.slice(0, maxSockets).flatMap((name) => {
		const [, pid] = namePattern.exec(name) ?? [];
		return pid === undefined ? [] : [{path: isWindows ? `${folder}${name}` : join(folder, name), pid: Number(pid)}];
	});
}

/** `$XDG_RUNTIME_DIR`, unless it is that of another user, as after `sudo`. */
async function runtimeFolder(): Promise<string | undefined> {
	const folder = process.env.XDG_RUNTIME_DIR;
	if (folder === undefined || !isAbsolute(folder)) return undefined;
	const found = await lstat(folder).catch(() => undefined);
	return found?.isDirectory() && found.uid === process.getuid?.() ? folder : undefined;
}

const temporaryFolder = (): string => join(tmpdir(), `redis-cache-tui-${process.getuid?.()}`);

/** The reason why a folder cannot be trusted; undefined if it can. */
async function problemOf(folder: string): Promise<string | undefined> {
	const found = await lstat(folder).catch(() => undefined);
	if (!found?.isDirectory()) return `${folder} is not a folder: remove it`;
	if (found.uid !== process.getuid?.()) return `${folder} belongs to another user: have it removed`;
	if ((found.mode & 0o077) !== 0) return `${folder} is open to other users: run chmod 700 ${folder}`;
	return undefined;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** True if nothing accepts connections on a socket. */
function isRefused(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.once('connect', () => {
			socket.destroy();
			resolve(false);
		});
		socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
	});
}
