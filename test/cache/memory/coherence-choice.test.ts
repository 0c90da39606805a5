import {describe, expect, it} from 'vitest';
import {type CoherenceRates, chooseWay} from '../../../source/cache/memory/coherence-choice.js';

const rates = (announced: number, useful: number, read: number, written: number): CoherenceRates => ({
	announced,
	useful,
	read,
	written,
});
const none = rates(0, 0, 0, 0);

describe('the way in which Redis announces changes', () => {
	it.each([
		['a process alone', rates(300, 100, 500, 300), 1],
		['three processes', rates(3000, 100, 500, 1000), 3],
		['a hundred that hardly write', rates(5, 0, 50, 0), 100],
		['a hundred whose announcements nearly all concern memory', rates(300, 290, 300, 3), 100],
		['a hundred that read much more than is written', rates(100, 0, 2000, 1), 100],
	])('stays broadcast for %s', (_what, measured, processes) => {
		expect(chooseWay('broadcast', measured, measured, processes)).toBe('broadcast');
	});

	it.each([
		['a hundred processes that write', rates(300, 5, 30, 3), 100],
		['thirty', rates(300, 40, 90, 10), 30],
		['ten', rates(300, 100, 270, 30), 10],
		['a number that is not known', rates(300, 5, 30, 3), undefined],
	])('becomes tracked for %s', (_what, measured, processes) => {
		expect(chooseWay('broadcast', measured, measured, processes)).toBe('tracked');
	});

	it('stays tracked while as much is written as before', () => {
		expect(chooseWay('tracked', rates(5, 5, 30, 3), rates(300, 5, 30, 3), 100)).toBe('tracked');
	});

	it('stays tracked in a process that neither writes nor reads what others write', () => {
		expect(chooseWay('tracked', none, rates(300, 0, 30, 0), undefined)).toBe('tracked');
	});

	it('is broadcast again in a process that reads nothing of what others write when its own writes have ended', () => {
		expect(chooseWay('tracked', none, rates(300, 0, 30, 3), undefined)).toBe('broadcast');
	});

	it('is broadcast again when the writes have ended', () => {
		expect(chooseWay('tracked', rates(0, 0, 30, 0), rates(300, 5, 30, 3), 100)).toBe('broadcast');
	});

	it('is broadcast again when few processes are left', () => {
		expect(chooseWay('tracked', rates(5, 5, 30, 3), rates(300, 5, 30, 3), 3)).toBe('broadcast');
	});

	it('does not go back for what would not have made it change', () => {
		const between = rates(35, 5, 30, 0);
		expect(chooseWay('broadcast', between, between, 100)).toBe('broadcast');
		expect(chooseWay('tracked', rates(5, 5, 30, 0), between, 100)).toBe('tracked');
	});
});
