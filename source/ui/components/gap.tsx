import {Box} from 'ink';

/** Much larger than all other factors, so that nothing else shrinks before the gap is gone. */
const shrinksFirst = 1000;

/** A blank row between two parts, which is the first to disappear when rows are few. */
export const Gap = () => <Box height={1} flexShrink={shrinksFirst} />;
