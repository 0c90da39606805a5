import type {Finding} from '../../tap/findings/finding.js';

/** The parts of a finding that reports show. */
export type ReportedFinding = Pick<Finding, 'id' | 'level' | 'title' | 'evidence' | 'why' | 'advice' | 'keys'>;
