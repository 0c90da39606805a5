import type {ProcessFacts, PublishedCache} from '../../cache/live/messages.js';
import {type LiveSocket, listSockets, removeIfStale} from '../../cache/live/socket-folder.js';
import {EngineError} from '../engine-error.js';
import {LiveConnection, type LiveError} from './live-connection.js';

/** A cache of a live process of this user. */
export type LiveCache = {
	readonly path: string;
	readonly process: ProcessFacts;
	readonly cache: PublishedCache;
	/** Identifies the cache if its process has several. */
	readonly id: string;
};

export type LiveCaches = {
	/** By name, then by process. */
	readonly caches: readonly LiveCache[];
	/** Processes with a socket that do not answer: stopped, busy, or of another version. */
	readonly silent: readonly {readonly pid: number; readonly reason: string}[];
	/** The reasons why folders of sockets were skipped, one line for each. */
	readonly refused: readonly string[];
};

type Answer =
	| {readonly isSilent: false; readonly caches: readonly Omit<LiveCache, 'id'>[]}
	| {readonly isSilent: true; readonly pid: number; readonly reason: string};

/** Queries all processes of this user. Sockets of processes that have ended are removed. */
export async function listLiveCaches(): Promise<LiveCaches> {
	const {sockets, refused} = await listSockets();
	const inOrder = [...sockets].sort((a, b) => a.path.localeCompare(b.path));
	const answers = (await Promise.all(inOrder.map(ask))).filter((answer) => answer !== undefined);
	const caches = answers.flatMap((answer) => (answer.isSilent ? [] : answer.caches));
	const numbered = caches.map((live) => {
		// Each thread of a process has its own socket.
		const {pid} = live.process;
		const alike = caches.filter(({process}) => process.pid === pid);
		return {...live, id: alike.length === 1 ? String(pid) : `${pid}:${alike.indexOf(live) + 1}`};
	});
	return {
		caches: numbered.sort((a, b) => a.cache.name.localeCompare(b.cache.name)),
		silent: answers.flatMap((answer) => (answer.isSilent ? [{pid: answer.pid, reason: answer.reason}] : [])),
		refused,
	};
}

/** @returns Undefined if the process no longer exists. */
async function ask(socket: LiveSocket): Promise<Answer | undefined> {
	const {path, pid} = socket;
	try {
		const connection = await LiveConnection.open(path);
		const {process, caches} = connection.hello;
		connection.close();
		return {isSilent: false, caches: caches.map((cache) => ({path, process, cache}))};
	} catch (error) {
		const {code, message} = error as LiveError;
		if (code === 'ECONNREFUSED') await removeIfStale(socket);
		return code === 'ECONNREFUSED' || code === 'ENOENT' ? undefined : {isSilent: true, pid, reason: message};
	}
}

/**
 * The cache that a word names: by its name, by the id of its process, or by both numbers of the list.
 *
 * @throws {EngineError} There is none, or there are several.
 */
export function chooseLiveCache(word: string, {caches, silent, refused}: LiveCaches): LiveCache {
	const byNumber = caches.filter(({id, process}) => id === word || String(process.pid) === word);
	const found = byNumber.length > 0 ? byNumber : caches.filter(({cache}) => cache.name === word);
	const [only, ...others] = found;
	if (only === undefined) {
		const quiet = silent.find(({pid}) => String(pid) === word);
		if (quiet) throw new EngineError('ERR_LIVE_SILENT', `process ${word} cannot be watched: ${quiet.reason}`, 3);
		const names = [...new Set(caches.map(({cache}) => cache.name))].join(', ');
		const why = refused[0] ?? 'no process can be watched; `redis-cache-tui attach` tells how to allow it';
		throw new EngineError(
			'ERR_NO_PROCESS',
			`there is no live process ${JSON.stringify(word)}: ${names === '' ? why : `there are ${names}`}`,
			3,
		);
	}
	if (others.length > 0) {
		const listed = found.map(({id, cache}) => `${id} (${cache.namespace})`).join(', ');
		throw new EngineError('ERR_SEVERAL_PROCESSES', `several are called ${word}: give one of ${listed}`, 2);
	}
	return only;
}
