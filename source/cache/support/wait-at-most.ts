/** Waits for work, but not for long; rejects if it does meanwhile. */
export async function waitAtMost(work: Promise<void>, ms: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const patience = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, ms);
	});
	try {
		await Promise.race([work, patience]);
	} finally {
		clearTimeout(timer);
	}
}
