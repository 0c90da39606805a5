/** The polynomial of Jones, reversed, in two halves. */
const polynomialLow = 0xac4bc9b5;
const polynomialHigh = 0x95ac9329;

const tableLow = new Uint32Array(256);
const tableHigh = new Uint32Array(256);

for (let byte = 0; byte < 256; byte++) {
	let low = byte;
	let high = 0;
	for (let bit = 0; bit < 8; bit++) {
		const isOdd = (low & 1) === 1;
		low = (low >>> 1) | (high << 31);
		high >>>= 1;
		if (!isOdd) continue;
		low ^= polynomialLow;
		high ^= polynomialHigh;
	}
	tableLow[byte] = low;
	tableHigh[byte] = high;
}

/** The checksum of Redis, as eight bytes in little-endian order. Bytes are the characters of a latin1 string. */
export function crc64(bytes: string): string {
	let low = 0;
	let high = 0;
	for (let place = 0; place < bytes.length; place++) {
		const index = (low ^ bytes.charCodeAt(place)) & 255;
		low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0);
		high = (high >>> 8) ^ (tableHigh[index] ?? 0);
	}
	const halves = [low, high];
	return halves.flatMap((half) => [0, 8, 16, 24].map((shift) => String.fromCharCode((half >>> shift) & 255))).join('');
}
