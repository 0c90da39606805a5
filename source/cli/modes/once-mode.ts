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

/** Milliseconds to wait for a complete snapshot. Of a slow server an incomplete one is printed. */
const completeMs = 5000;

/** Rates take two answers of the server, a second apart. Figures that the user may not ask for are not waited for. */
function isComplete({cache, server, ttl, activity}: EngineSnapshot): boolean {
	const isRefused = (...commands: readonly string[]) =>
		activity.refused.some(({command}) => commands.includes(command));
	// A cluster without one of its nodes may refuse all keys: then the cache does not get to use it.
	const hasLost = activity.missing.length > 0;
	return (
		(cache.mode.mode === 'connected' || (cache.mode.mode === 'fallback' && (isRefused('TIME') || hasLost))) &&
		((server !== undefined && activity.recent !== undefined) || isRefused('INFO')) &&
		(ttl.source === 'redis' || isRefused('SCAN', 'INFO'))
	);
}

/** Prints one snapshot of a Redis. Returns the exit code: that of success only if the cache can use it. */
export async function runOnce(settings: Settings, format: 'text' | 'json', output: Output): Promise<number> {
	const engine = await startEngine(engineOptions(settings, {workload: false, hz: 10}));
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
		const {mode, reason} = snapshot.cache.mode;
		if (mode === 'connected') return exitCodes.fine;
		const {url, warnings} = snapshot.target;
		const lost = snapshot.activity.verdict.problems.find(({id}) => id === 'nodes-missing' || id === 'cluster-down');
		const known = warnings.find(({id}) => id !== 'insecure')?.text ?? (lost && `${url}: ${lost.text}`);
		output.err(`redis-cache-tui: ${known ?? `the cache cannot use ${url}: ${reason}`}\n`);
		return exitCodes.unreachable;
	} finally {
		clearTimeout(timer);
		release();
		await engine.close();
	}
}
