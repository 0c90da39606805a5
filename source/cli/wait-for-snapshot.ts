import type {EngineClient, EngineSnapshot} from '../engine/protocol.js';

/** The first snapshot for which `wanted` holds, or the newest one after `timeoutMs`; rejects if the engine ends before. */
export function waitForSnapshot(
	engine: EngineClient,
	wanted: (snapshot: EngineSnapshot) => boolean,
	timeoutMs: number,
): Promise<EngineSnapshot | undefined> {
	return new Promise((resolve, reject) => {
		const check = (snapshot: EngineSnapshot | undefined) => {
			if (snapshot && wanted(snapshot)) settle(() => resolve(snapshot));
		};
		const settle = (finish: () => void) => {
			clearTimeout(timer);
			unsubscribe();
			forget();
			finish();
		};
		const timer = setTimeout(() => settle(() => resolve(engine.latest())), timeoutMs);
		const unsubscribe = engine.subscribe(check);
		const forget = engine.onFatal((error) => settle(() => reject(error)));
		check(engine.latest());
	});
}
