import {useCallback} from 'react';
import type {ActivitySnapshot} from '../../../engine/protocol.js';
import type {TargetWarning} from '../../../engine/target-snapshot.js';
import {verdictSentence} from '../../../inspect/server/activity/verdict.js';
import {dashboardWords} from '../../../inspect/server/clients/other-dashboards.js';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {verdictSentenceRows} from '../../rows/verdict-marks.js';
import {type Row, span, truncate} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

/** `NOPERM: INFO, SLOWLOG`, by reason. */
function refusedWords(refused: ActivitySnapshot['refused']): string | undefined {
	const reasons = [...new Set(refused.map(({reason}) => reason))];
	if (reasons.length === 0) return undefined;
	const commandsOf = (reason: string) => refused.filter((each) => each.reason === reason).map(({command}) => command);
	return `${reasons.map((reason) => `${reason}: ${commandsOf(reason).join(', ')}`).join('; ')}; what they report is missing`;
}

/** The sentence, wrapped; the refused commands; and, where there is room, the badges of the header in words. */
export function verdictRows(
	{verdict, refused, dashboards}: ActivitySnapshot,
	width: number,
	height: number,
	glyphs: Glyphs,
	warnings: readonly TargetWarning[] = [],
): Row[] {
	const sentence = (room: number) =>
		verdictSentenceRows(verdict.level, printable(verdictSentence(verdict)), width, Math.max(1, room), glyphs);
	const note = (text: string | undefined, style: 'warn' | 'dim'): Row[] =>
		text === undefined ? [] : [[span(truncate(printable(text), width, glyphs.ellipsis), style)]];
	const missing = note(refusedWords(refused), 'warn');
	// These never take a row from the sentence.
	const others = [...warnings.flatMap(({text}) => note(text, 'warn')), ...note(dashboardWords(dashboards), 'dim')];
	const room = Math.max(0, height - sentence(height).length - missing.length);
	return [...sentence(height - missing.length), ...missing, ...others.slice(0, room)];
}

function VerdictPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const activity = useEngine(
		({snapshot}) => snapshot?.activity,
		(before, after) =>
			JSON.stringify([before?.verdict, before?.refused, before?.dashboards]) ===
			JSON.stringify([after?.verdict, after?.refused, after?.dashboards]),
	);
	const warnings = useEngine(
		({snapshot}) => snapshot?.target.warnings,
		(before, after) => JSON.stringify(before) === JSON.stringify(after),
	);
	const draw: Draw = useCallback(
		({width, height}) =>
			activity ? verdictRows(activity, width, height, glyphs, warnings) : [[span('starting', 'dim')]],
		[activity, glyphs, warnings],
	);
	return (
		<Panel title={verdict.title} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const verdict: PanelEntry = {
	title: 'What is the matter',
	component: VerdictPanel,
	explain: {
		shows:
			'The problems of the server, the worst first, and since when; without problems, the main figures. A problem is shown for ten more seconds after it was last seen. "Since before" a time: it existed when this program started.',
		source:
			'Rules over the figures of the last ten seconds: no answer for 5 s (1.5 s if it accepts no connection), loading, OOM replies, refused connections, a cut off replica, a failed save, a hit ratio that dropped by 10 points or is below 50 % (with at least 100 lookups), evictions of 1/s, 90 % of maxmemory with noeviction, 90 % of maxclients, the thread for commands 90 % busy, p99 of 10 ms, a command of 50 ms in the last minute (slow log), a restart in the last 10 min, 1/s errors of another kind.',
		normal:
			'Nothing is the matter. One line below names the commands that this user may not call, another one the other dashboards on this server: their activity counts as that of applications.',
	},
};
