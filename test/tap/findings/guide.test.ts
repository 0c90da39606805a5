import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {connectionChurnThresholds} from '../../../source/tap/findings/connections/connection-churn.js';
import {roundTripsThresholds} from '../../../source/tap/findings/connections/round-trips.js';
import {type FindingId, findingIds} from '../../../source/tap/findings/finding.js';
import {bigValueThresholds} from '../../../source/tap/findings/keys/big-value.js';
import {hotKeyThresholds} from '../../../source/tap/findings/keys/hot-key.js';
import {lowHitRatioThresholds} from '../../../source/tap/findings/keys/low-hit-ratio.js';
import {neverReadThresholds} from '../../../source/tap/findings/keys/never-read.js';
import {noTtlThresholds} from '../../../source/tap/findings/keys/no-ttl.js';
import {repeatedMissThresholds} from '../../../source/tap/findings/keys/repeated-miss.js';
import {sameTtlThresholds} from '../../../source/tap/findings/keys/same-ttl.js';
import {staleFillThresholds} from '../../../source/tap/findings/loads/stale-fill.js';
import {stampedeThresholds} from '../../../source/tap/findings/loads/stampede.js';
import {noTimeoutThresholds} from '../../../source/tap/findings/outage/no-timeout.js';
import {retryStormThresholds} from '../../../source/tap/findings/outage/retry-storm.js';
import {blockingCommandThresholds} from '../../../source/tap/findings/server/blocking-calls.js';
import {serverSettingsThresholds} from '../../../source/tap/findings/server/server-settings.js';

const thresholds: Readonly<Record<FindingId, Readonly<Record<string, number>>>> = {
	stampede: stampedeThresholds,
	'stale-fill': staleFillThresholds,
	'no-ttl': noTtlThresholds,
	'same-ttl': sameTtlThresholds,
	'hot-key': hotKeyThresholds,
	'big-value': bigValueThresholds,
	'blocking-command': blockingCommandThresholds,
	'round-trips': roundTripsThresholds,
	'connection-churn': connectionChurnThresholds,
	'never-read': neverReadThresholds,
	'low-hit-ratio': lowHitRatioThresholds,
	'repeated-miss': repeatedMissThresholds,
	'retry-storm': retryStormThresholds,
	'no-timeout': noTimeoutThresholds,
	'server-settings': serverSettingsThresholds,
};

const guide = readFileSync(new URL('../../../notes/guide/findings.md', import.meta.url), 'utf8');
const [, ...sections] = guide.split(/^## /m);

it('has a section for each finding, in their order', () => {
	expect(sections.map((section) => section.slice(0, section.indexOf('\n')))).toEqual(findingIds);
});

it.each(findingIds)('has the thresholds of %s, each with its reason, and tells what to do', (id) => {
	const section = sections[findingIds.indexOf(id)] ?? '';
	const rows = [...section.matchAll(/^\| `(\w+)` \| ([\d.]+) \| (.+) \|$/gm)];
	const written = Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
	expect(written).toEqual(thresholds[id]);
	expect(rows.every(([, , , reason = '']) => reason.length > 10)).toBe(true);
	expect(section).toContain('**What to do.**');
	expect(section).toContain('**Silent when:**');
});
