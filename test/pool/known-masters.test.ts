import {describe, expect, it} from 'vitest';
import {KnownMasters} from '../../source/pool/connection/known-masters.js';

const sentinels = [1, 2, 3].map((port) => ({host: 'sentinel', port}));
const [a, b, c] = sentinels as [(typeof sentinels)[0], (typeof sentinels)[0], (typeof sentinels)[0]];
const old = {address: 'old:6379', epoch: 1};
const next = {address: 'next:6379', epoch: 2};

const afterFailover = () => {
	const masters = new KnownMasters(sentinels);
	for (const sentinel of sentinels) masters.learn(sentinel, old);
	masters.learn(a, next);
	return masters;
};

describe('the master that sentinels name', () => {
	it('is any while none has told', () => {
		const masters = new KnownMasters(sentinels);
		expect(masters.isMaster('any:1')).toBe(true);
		expect(masters.inOrder).toEqual([a, b, c]);
	});

	it('is that of the last failover, although most of them still name the old one', () => {
		const masters = afterFailover();
		masters.learn(b, old);
		masters.learn(c, old);
		expect(masters.isMaster(next.address)).toBe(true);
		expect(masters.isMaster(old.address)).toBe(false);
	});

	it('may be announced by several addresses', () => {
		const masters = afterFailover();
		masters.learn(b, {address: 'by-name:6379', epoch: 2});
		expect([next.address, 'by-name:6379'].every((address) => masters.isMaster(address))).toBe(true);
	});

	it('stays that of the last failover when only a minority can be asked', () => {
		const masters = afterFailover();
		masters.lost(a);
		masters.lost(b);
		masters.learn(c, old);
		expect(masters.isMaster(old.address)).toBe(false);
	});

	it('is the old one again when most of them name it, and nobody who can be asked the new one', () => {
		const masters = afterFailover();
		masters.lost(a);
		masters.learn(b, old);
		masters.learn(c, old);
		expect(masters.isMaster(old.address)).toBe(true);
		expect(masters.isMaster(next.address)).toBe(false);
	});

	it('is asked of those first that know of the last failover, and can be reached', () => {
		const masters = new KnownMasters(sentinels);
		masters.learn(a, old);
		masters.learn(b, next);
		masters.lost(b);
		masters.learn(c, next);
		expect(masters.inOrder).toEqual([c, b, a]);
	});
});
