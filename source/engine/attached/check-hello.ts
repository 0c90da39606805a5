import {type Hello, liveProtocol, type PublishedCache} from '../../cache/live/messages.js';

type Fields = Readonly<Record<string, unknown>>;

const strange = 'another program answers on its socket';

/**
 * The reason why a process with this first message cannot be watched; undefined if it can. Other versions may send other
 * messages.
 */
export function problemOfHello(message: Fields): string | undefined {
	const {type, protocol, process, caches} = message;
	if (type !== 'hello') return strange;
	const version = isObject(process) && typeof process.version === 'string' ? process.version : undefined;
	if (protocol !== liveProtocol) {
		const words = version === undefined ? 'another version of redis-cache-tui' : `redis-cache-tui ${version}`;
		return `the process has ${words}, which uses another protocol: attach with that version`;
	}
	const isWhole = version !== undefined && hasFacts(process) && Array.isArray(caches) && caches.every(isCache);
	return isWhole ? undefined : strange;
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const hasFacts = (process: unknown): process is Hello['process'] =>
	isObject(process) && typeof process.pid === 'number' && typeof process.startedAt === 'number';

const texts = ['name', 'namespace', 'url', 'mode'] as const satisfies readonly (keyof PublishedCache)[];

const isCache = (cache: unknown): cache is PublishedCache =>
	isObject(cache) && typeof cache.id === 'number' && texts.every((name) => typeof cache[name] === 'string');
