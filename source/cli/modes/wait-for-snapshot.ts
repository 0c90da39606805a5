import type {EngineClient, EngineSnapshot} from '../../engine/protocol.js';

/** Resolves with the first snapshot that meets a condition. Rejects if the engine fails before. */
export function waitForSnapshot(
	engine: EngineClient,
	isWanted: (snapshot: EngineSnapshot) => boolean,
): Promise<EngineSnapshot> {
	return new Promise((resolve, reject) => {
		const check = (snapshot: EngineSnapshot | undefined) => {
			if (!snapshot || !isWanted(snapshot)) return;
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
