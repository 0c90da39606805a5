import {describe, expect, it, vi} from 'vitest';
import {LocalSubject} from '../../../source/drills/subject/local-subject.js';

const calls = {get() {}, set() {}, delete() {}};
const url = 'redis://127.0.0.1:1';

describe('a subject in the process of a test', () => {
	it.for<[string, () => unknown]>([
		['no license', () => Promise.reject(new Error('no license'))],
		['its open() resolves with undefined', () => undefined],
	])('is refused in one line: it cannot be opened: %s', async ([message, open]) => {
		// A test in JavaScript may pass anything.
		const opening = LocalSubject.open(open as never, 'open()', url);
		await expect(opening).rejects.toMatchObject({
			code: 'ERR_SUBJECT',
			message: expect.stringContaining(`subject open(): it cannot be opened: ${message}`),
		});
	});

	it('is not waited for without end: one that never opens is told to stop, one that never closes is said so', async () => {
		vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
		try {
			let isStopped = false;
			const opening = LocalSubject.open(
				({signal}) => {
					signal.addEventListener('abort', () => {
						isStopped = true;
					});
					return new Promise(() => {});
				},
				'open()',
				url,
			);
			const refused = expect(opening).rejects.toThrow('it did not open within 10 s');
			await vi.advanceTimersByTimeAsync(10_000);
			await refused;
			expect(isStopped).toBe(true);

			const endless = await LocalSubject.open(() => ({...calls, close: () => new Promise(() => {})}), 'open()', url);
			const closing = endless.close();
			await vi.advanceTimersByTimeAsync(2000);
			expect(await closing).toBe('its close() failed: it did not settle within 2 s');
		} finally {
			vi.useRealTimers();
		}
	});
});
