import type {EngineClient, EngineSnapshot} from '../engine/protocol.js';

/** The first snapshot for which `wanted` holds; rejects if the engine ends before. */
export function waitForSnapshot(
	engine: EngineClient,
	wanted: (snapshot: EngineSnapshot) => boolean,
): Promise<EngineSnapshot> {
	return new Promise((resolve, reject) => {
		const check = (snapshot: EngineSnapshot | undefined) => {
			if (!snapshot || !wanted(snapshot)) return;
			release();
			resolve(snapshot);
		};
		const unsubscribe = engine.subscribe(check);
		const forget = engine.onFatal((error) => {
			release();
			reject(error);
		});
		const release = () => {
			unsubscribe();
			forget();
		};
		check(engine.latest());
	});
}
