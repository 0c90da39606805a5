import type {Argument} from '../pool/types.js';
import {parseKey} from './escape-bytes.js';
import {bytesOf, listOf, type Sender, textOf} from './sender.js';

/** Keys that one SCAN may look at. Bounds how long the server is busy for us: well under a millisecond. */
export const scanCount = 500;

export type ScanOptions = {
	/** A glob of Redis, printable as `printKey` writes it: `user:*`, `"\xff*"`. */
	readonly pattern?: string | undefined;
	/** Only keys of this type. */
	readonly type?: string | undefined;
	/** Keys looked at in one step, 1 to 500. Default 500. */
	readonly count?: number;
};

export type ScanStep = {
	/** `'0'` when the scan is over. */
	readonly cursor: string;
	readonly keys: readonly Buffer[];
};

/** One step of a scan. SCAN never blocks the server for long, and may return a key twice or none at all. */
export async function scanStep(sender: Sender, cursor: string, options: ScanOptions = {}): Promise<ScanStep> {
	const args: Argument[] = [cursor];
	if (options.pattern !== undefined && options.pattern !== '' && options.pattern !== '*')
		args.push('MATCH', parseKey(options.pattern));
	args.push('COUNT', Math.min(scanCount, Math.max(1, options.count ?? scanCount)));
	if (options.type !== undefined) args.push('TYPE', options.type);
	const [next, keys] = listOf(await sender.send('SCAN', args));
	return {cursor: textOf(next), keys: listOf(keys).map(bytesOf)};
}

/**
 * A whole scan, or the rest of one. The next step is asked for while the one before is worked on, so that neither side
 * waits for the other; it is thrown away when the caller stops.
 */
export async function* scanSteps(
	sender: Sender,
	options: ScanOptions & {readonly cursor?: string | undefined} = {},
): AsyncGenerator<ScanStep, void, undefined> {
	let next: Promise<ScanStep> | undefined = scanStep(sender, options.cursor ?? '0', options);
	while (next) {
		const step: ScanStep = await next;
		next = step.cursor === '0' ? undefined : scanStep(sender, step.cursor, options);
		// It may fail when nobody waits for it any more.
		next?.catch(() => undefined);
		yield step;
	}
}
