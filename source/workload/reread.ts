/** Most keys read at the same time. */
const atOnce = 50;

/** The result of reading the changed keys once more. */
export type Reread = {
	/** Keys that were read. */
	readonly keys: number;
	/** Keys with a value older than their acknowledged change. */
	readonly old: number;
	/** True if the time limit was reached before all keys were read. */
	readonly isCut: boolean;
};

type Limits = {
	/** Milliseconds for all keys. */
	readonly limitMs: number;
	/** Milliseconds for one read. A read that fails or takes longer is not counted: a missing reply is not a wrong one. */
	readonly callMs: number;
};

/** Asks `isOld` for each key. Never rejects. */
export async function reread<Key>(
	keys: readonly Key[],
	isOld: (key: Key) => Promise<boolean>,
	{limitMs, callMs}: Limits,
): Promise<Reread> {
	const end = performance.now() + limitMs;
	const rest = keys[Symbol.iterator]();
	let read = 0;
	let old = 0;
	const work = async (): Promise<void> => {
		for (const key of rest) {
			const answer = await answerWithin(callMs, isOld(key));
			if (answer !== undefined) read++;
			if (answer === true) old++;
			if (performance.now() > end) return;
		}
	};
	await Promise.all(Array.from({length: atOnce}, work));
	return {keys: read, old, isCut: rest.next().done !== true};
}

/** Undefined if the promise rejects, or has not settled in time. */
async function answerWithin(ms: number, answer: Promise<boolean>): Promise<boolean | undefined> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<undefined>((resolve) => {
		timer = setTimeout(resolve, ms, undefined);
	});
	try {
		return await Promise.race([answer, late]);
	} catch {
		return undefined;
	} finally {
		clearTimeout(timer);
	}
}
