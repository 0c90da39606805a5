import {isDeepStrictEqual} from 'node:util';
import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import type {Finding} from '../../engine/protocol.js';
import {printable} from '../../text/printable.js';
import {Gap} from '../components/gap.js';
import {Lines} from '../components/lines.js';
import {List} from '../components/list.js';
import {Panel} from '../components/panel.js';
import {type Draw, Raster} from '../components/raster.js';
import {Words} from '../components/words.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useUi} from '../hooks/use-screen.js';
import {
	findingColumns,
	findingCounts,
	findingDetails,
	findingMark,
	findingStyles,
} from '../rows/application/finding-rows.js';
import {noFindingWords} from '../rows/application/no-findings.js';
import {findingsOf, selectedFinding} from '../state/views/findings-state.js';
import {tableRows} from '../text/columns.js';
import {type Row, span} from '../text/row.js';
import type {ViewEntry} from './view.js';

/** Rows of the list that stay where the details need many. */
const fewestRows = 3;

/** Evidence, reason and advice of a finding. */
function Details({finding}: {readonly finding: Finding}) {
	const glyphs = useGlyphs();
	const title = useMemo(
		(): readonly Row[] => [
			[
				span(`${findingMark(finding.level, glyphs)} `, findingStyles[finding.level]),
				span(printable(finding.title), 'strong'),
				span(`  ${finding.id}`, 'dim'),
			],
		],
		[finding, glyphs],
	);
	const draw: Draw = useCallback(({width}) => findingDetails(finding, width), [finding]);
	return (
		<Box flexDirection="column" flexGrow={1} flexBasis={0}>
			<Lines rows={title} />
			<Raster draw={draw} />
		</Box>
	);
}

/** A table of the findings, and the selected one in full. */
function FindingList({findings}: {readonly findings: readonly Finding[]}) {
	const glyphs = useGlyphs();
	const state = useUi((ui) => ui.findings);
	const columns = useMemo(() => findingColumns(glyphs), [glyphs]);
	const row = useCallback(
		(index: number, width: number): Row => {
			const finding = findings[index];
			return finding ? tableRows(columns, width).row(finding) : [];
		},
		[findings, columns],
	);
	const head: Draw = useCallback(({width}) => [[span('  '), ...tableRows(columns, width - 2).head]], [columns]);
	const selected = selectedFinding(findings, state);
	const finding = findings[selected];
	return (
		<>
			<Box flexDirection="column" flexShrink={0}>
				<Raster draw={head} height={1} />
			</Box>
			<Box flexDirection="column" flexShrink={1} minHeight={Math.min(fewestRows, findings.length)}>
				<List count={findings.length} selected={selected} row={row} scope="findings" height={findings.length} />
			</Box>
			<Gap />
			{finding && <Details finding={finding} />}
		</>
	);
}

/** The explanation that is shown if there are no findings. */
function NoFindings() {
	const words = useEngine(({snapshot}) => noFindingWords(snapshot));
	return <Words>{printable(words)}</Words>;
}

function FindingsView() {
	const findings = useEngine(({snapshot}) => findingsOf(snapshot), isDeepStrictEqual);
	const notes = useMemo(() => [findingCounts(findings)], [findings]);
	return (
		<Panel title="Findings" notes={notes}>
			{findings.length === 0 ? <NoFindings /> : <FindingList findings={findings} />}
		</Panel>
	);
}

export const findings: ViewEntry = {
	component: FindingsView,
	explain: {
		shows:
			"Problems in the application's use of Redis, the most serious first: since when, and which keys or patterns. For the selected one, the evidence, the reason and what to do.",
		source:
			'Rules over the traffic through the tap; notes/guide/findings.md has their thresholds. Key names are shown (hashed with --hide-keys), values never. Without a tap (`redis-cache-tui tap`) there is only server-settings, from INFO once a minute, on a server that this program did not start.',
		normal:
			'None: a healthy application has no finding. Info: unnecessary cost. Warning: slow. Serious: wrong values, or all clients blocked.',
	},
};
