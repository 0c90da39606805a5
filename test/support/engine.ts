import type {WriteKind} from '../../source/engine/consent/write-kind.js';
import {Engine} from '../../source/engine/engine.js';
import type {EngineEvent, EngineOptions, EngineSnapshot} from '../../source/engine/protocol.js';
import type {CommandCall, CommandReply} from '../../source/engine/specs/command-calls.js';
import {patienceMs, until} from './until.js';

/** An engine in this thread that executes command lines of a test, with its latest snapshot. */
export type TestEngine = {
	readonly engine: Engine;
	latest(): EngineSnapshot;
	/** All events so far, each in its latest form. */
	events(): readonly EngineEvent[];
	/** Runs a command line, split at spaces. `consent`: the word typed as consent, if the engine asks for it. */
	run(line: string, consent?: string): Promise<CommandReply>;
	/** Like `run`, but fails if the command is refused. Returns the lines. */
	ok(line: string, consent?: string): Promise<readonly string[]>;
	/** Like `run`, but fails unless the command is refused. Returns the message. */
	refused(line: string, consent?: string): Promise<string>;
	/** Waits for a snapshot, taken after this call, for which `predicate` is true. */
	until(predicate: (snapshot: EngineSnapshot) => boolean, what: string, timeoutMs?: number): Promise<void>;
	close(): Promise<void>;
};

/** Consent to all kinds of writes, for tests that do not test consent. */
export const everyWrite: readonly WriteKind[] = [
	'values',
	'workload',
	'drill',
	'removal',
	'bulk',
	'command',
	'clients',
	'load',
];

export async function startTestEngine(options: Partial<EngineOptions> = {}): Promise<TestEngine> {
	let latest: EngineSnapshot | undefined;
	const events = new Map<number, EngineEvent>();
	const engine = await Engine.start(
		{
			embedded: false,
			readOnly: false,
			namespace: 'test',
			workload: {running: false, rate: 500, keys: 200},
			hz: 20,
			...options,
		},
		(snapshot) => {
			latest = snapshot;
			for (const event of snapshot.events) events.set(event.id, event);
		},
	);
	const run = (line: string, consent?: string) => {
		const [name = '', ...args] = line.split(' ').filter((word) => word !== '');
		// Not validated, like the input of a person: the name may be unknown, or the number of words wrong.
		return engine.run({name, args, ...(consent === undefined ? {} : {consent})} as unknown as CommandCall);
	};
	return {
		engine,
		latest() {
			if (!latest) throw new Error('no snapshot yet');
			return latest;
		},
		events: () => [...events.values()],
		run,
		async ok(line, consent) {
			const reply = await run(line, consent);
			if (!reply.ok) throw new Error(`${line}: ${reply.message}`);
			return reply.lines;
		},
		async refused(line, consent) {
			const reply = await run(line, consent);
			if (reply.ok) throw new Error(`${line} was not refused: ${reply.lines.join('\n')}`);
			return reply.message;
		},
		until(predicate, what, timeoutMs = patienceMs) {
			const before = latest?.seq ?? -1;
			return until(() => latest !== undefined && latest.seq > before && predicate(latest), what, {timeoutMs});
		},
		close: () => engine.close(),
	};
}
