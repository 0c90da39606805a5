const startsWith = (bytes: Buffer, hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex;

/** A pickle of protocol 2 to 5: it ends with a period. */
const isPickle = (bytes: Buffer) =>
	bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5 && bytes.at(-1) === 0x2e;

/** Ruby's Marshal begins with its version, which has not changed since 1998. */
export const isMarshal = (bytes: Buffer) => startsWith(bytes, '0408');

/** Serializations that are recognized by their first bytes, and shown without decoding. */
const binary: readonly {readonly format: string; readonly is: (bytes: Buffer) => boolean}[] = [
	{format: 'Python pickle', is: isPickle},
	{format: 'Java serialization', is: (bytes) => startsWith(bytes, 'aced0005')},
	{format: 'Ruby Marshal', is: isMarshal},
	{format: 'PHP igbinary', is: (bytes) => startsWith(bytes, '00000002')},
	{format: 'Smile', is: (bytes) => startsWith(bytes, '3a290a')},
	{format: 'CBOR', is: (bytes) => startsWith(bytes, 'd9d9f7')},
];

/** The name of the serialization format of the bytes; undefined if it is unknown. */
export function binarySerialization(bytes: Buffer): string | undefined {
	return binary.find(({is}) => is(bytes))?.format;
}

/** `a:2:{…}`, `s:5:"hello";`, `O:8:"stdClass":…`, `i:42;`, `b:1;`, `d:1.5;`, `N;` */
const phpValue = /^(?:a:\d+:\{.*\}|s:\d+:".*";|[OCE]:\d+:".*[};]|i:-?\d+;|b:[01];|d:[-\d.eE+INFA]+;|N;)$/s;

/** True for a text in the format of `serialize` in PHP. */
export function isPhpSerialized(text: string): boolean {
	return phpValue.test(text.trimEnd());
}
