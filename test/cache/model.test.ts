import {expect, it} from 'vitest';
import {soak} from '../soak/world.js';

const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));

it(`five caches in three processes keep their guarantees under random faults (seed ${seed})`, {
	timeout: 150_000,
}, async () => {
	const report = await soak({seconds: 15, seed});
	const {verdicts, ...figures} = report;
	process.stdout.write(`model checker: ${JSON.stringify(figures)}\n`);
	expect(verdicts.map(({what, history}) => `${what}\n${history}`).join('\n\n')).toBe('');
	// A run in which little happened proves nothing.
	expect(figures.counts.boundReads).toBeGreaterThan(1000);
	expect(figures.counts.changes).toBeGreaterThan(500);
	expect(Object.keys(figures.faults).length).toBeGreaterThan(5);
});

it('the checker finds wrong reads when leases are off', {timeout: 150_000}, async () => {
	const {verdicts} = await soak({seconds: 60, seed, switches: {leases: false}});
	expect(verdicts).not.toEqual([]);
});

it('the checker finds wrong reads when dirty keys are off', {timeout: 150_000}, async () => {
	const {verdicts} = await soak({seconds: 60, seed, switches: {dirtyKeys: false}});
	expect(verdicts).not.toEqual([]);
});
