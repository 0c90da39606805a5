import {clearTimeout, setTimeout} from '../../time/real-time.js';

/** Waits until work is done or `ms` have passed; rejects if the work rejects before that. */
export async function waitAtMost(work: Promise<unknown>, ms: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, ms);
	});
	try {
		await Promise.race([work, timeout]);
	} finally {
		clearTimeout(timer);
	}
}
