import type {EngineOptions} from '../protocol.js';
import type {Session} from '../session/session.js';
import type {CommandName} from '../specs/command-specs.js';

/* The rules of a session with an application behind the tap. */

/** Commands on the cache and the traffic of this program, which this session does not show. */
const onOwnCache: ReadonlySet<CommandName> = new Set(['workload', 'pool', 'checkout', 'flush']);

/** Commands that take or show names of keys. */
const withKeys: ReadonlySet<CommandName> = new Set<CommandName>([
	'get',
	'set',
	'del',
	'ttl',
	'expire',
	'touch',
	'has',
	'mget',
	'keys',
	'inspect',
	'peek',
	'text',
	'elements',
	'tree',
	'top',
	'count',
	'remove',
	'sweep',
	'edit',
	'lifetime',
	'rename',
	'copy',
	'expire-all',
	'undo',
	'save-keys',
	'load-keys',
	'hotkeys',
	'biggest',
	'redis',
]);

/** Reports of `show` that have names of keys. */
const reportsWithKeys: ReadonlySet<string> = new Set(['slowlog', 'memory', 'hotkeys']);

/** True if the command breaks the connections of the application behind the tap. */
export function breaksApplication(
	name: CommandName,
	[word = '']: readonly string[],
	{application}: Pick<Session, 'application'>,
): boolean {
	if (application === undefined) return false;
	return name === 'outage' || (name === 'drill' && word.toLowerCase() !== 'stop');
}

/**
 * The reason why a command cannot run in a session with an application behind the tap; undefined if it can, or there is no tap.
 */
export function refusalBesideApplication(
	name: CommandName,
	[word = '']: readonly string[],
	{tap}: Pick<EngineOptions, 'tap'>,
): string | undefined {
	if (tap === undefined) return undefined;
	if (onOwnCache.has(name))
		return `${name} is for the traffic of this program, and with tap there is none: start it without tap`;
	const isHidden = withKeys.has(name) || (name === 'show' && reportsWithKeys.has(word.toLowerCase()));
	if (!tap.hideKeys || !isHidden) return undefined;
	return `${name} shows names of keys, and this program was started with --hide-keys`;
}
