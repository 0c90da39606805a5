import type {EngineSnapshot, Finding} from '../../../engine/protocol.js';
import type {UiState} from '../ui-state.js';

/** Findings about the application behind the tap, the most serious first; without a tap, about the settings of the server. */
export const findingsOf = (snapshot: EngineSnapshot | undefined): readonly Finding[] =>
	snapshot?.application?.findings ?? snapshot?.serverFindings ?? noFindings;

const noFindings: readonly Finding[] = [];

/** Index of the selected finding. If that no longer exists, the first one is selected. */
export const selectedFinding = (findings: readonly Finding[], {selected}: UiState['findings']): number =>
	Math.max(
		0,
		findings.findIndex(({id}) => id === selected),
	);
