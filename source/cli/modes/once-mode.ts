import {EngineError} from '../../engine/engine-error.js';
import type {EngineSnapshot} from '../../engine/protocol.js';
import {startEngine} from '../../engine/start-engine.js';
import {exitCodeOfSignal, exitCodes} from '../exit-code.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';
import {onStopSignal} from '../signals.js';
import {engineOptions} from './engine-options.js';
import {snapshotText} from './snapshot-text.js';
import {waitForSnapshot} from './wait-for-snapshot.js';

/** Milliseconds to wait for a complete snapshot. After that, an incomplete one is printed. */
const completeMs = 5000;

/** Rates need two replies of the server, a second apart. Figures that the Redis user has no right to read are not required. */
function isComplete({server, ttl, activity}: EngineSnapshot): boolean {
	const isRefused = (...commands: readonly string[]) =>
		activity.refused.some(({command}) => commands.includes(command));
	return (
		((server !== undefined && activity.recent !== undefined) || isRefused('INFO')) &&
		(ttl.buckets.length > 0 || isRefused('SCAN', 'INFO'))
	);
}

/** The reason why a cache could not use this Redis, in one line; undefined if there is none. */
function objection({
	target: {url, warnings},
	server,
	activity: {refused, verdict},
}: EngineSnapshot): string | undefined {
	const tooSlow = warnings.find(({id}) => id === 'too-slow');
	if (tooSlow) return tooSlow.text;
	const down = verdict.problems.find(({id}) => id === 'cluster-down');
	if (down) return `${url}: ${down.text}`;
	const time = refused.find(({command}) => command === 'TIME');
	if (time) return `a cache cannot use ${url}: ${time.reason}: TIME; grant this user the rights that a cache needs`;
	if (server || refused.some(({command}) => command === 'INFO')) return undefined;
	return `${url} has not answered INFO within ${completeMs / 1000} s: a long command blocks it, or the connection is slow`;
}

/**
 * Prints one snapshot of a Redis, without opening a cache on it. Returns the exit code: success only if no reason is found why
 * a cache could not use it.
 */
export async function runOnce(settings: Settings, format: 'text' | 'json', output: Output): Promise<number> {
	const engine = await startEngine(engineOptions(settings, {workload: false, hz: 10, looksOnly: true}));
	let timer: NodeJS.Timeout | undefined;
	let release: () => void = () => undefined;
	try {
		const outcome = await Promise.race([
			waitForSnapshot(engine, isComplete),
			new Promise<'late'>((resolve) => {
				timer = setTimeout(resolve, completeMs, 'late');
			}),
			new Promise<NodeJS.Signals>((resolve) => {
				release = onStopSignal(resolve);
			}),
		]);
		if (typeof outcome === 'string' && outcome !== 'late') return exitCodeOfSignal(outcome);
		const snapshot = outcome === 'late' ? engine.latest() : outcome;
		if (!snapshot) throw new EngineError('ERR_ENGINE', 'the engine sent no snapshot', 1);
		if (format === 'json') output.data(`${JSON.stringify({...snapshot, privateUrl: undefined}, null, 2)}\n`);
		else output.out(snapshotText(snapshot));
		const reason = objection(snapshot);
		if (reason === undefined) return exitCodes.fine;
		output.err(`redis-cache-tui: ${reason}\n`);
		return exitCodes.unreachable;
	} finally {
		clearTimeout(timer);
		release();
		await engine.close();
	}
}
