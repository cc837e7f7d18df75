// Where the picture is not what the customer sees, bit for bit: honest to the tile.
//
// A lossy file or a preview makes every tile it touches rough. Only exact pixels that
// cover a whole tile, in one message, make it sharp again.

/** @typedef {import("../wire/picture.js").Rect} Rect */

/** Side of a tile: the agent sends again whole tiles of this size. */
export const TILE = 64;

/** The tiles of one epoch's screen. */
export class Sharpness {
    /**
     * @param {number} width of the screen
     * @param {number} height
     */
    constructor(width, height) {
        this._width = width;
        this._height = height;
        this._columns = Math.ceil(width / TILE);
        /** @type {Set<number>} */
        this._rough = new Set();
    }

    /** Whether everything shown is exact. */
    get isSharp() {
        return this._rough.size === 0;
    }

    /** Places of the rough tiles. @returns {Rect[]} */
    get rough() {
        return [...this._rough].map((tile) => this._place(tile));
    }

    /** @param {Rect} rect shows a lossy file now */
    roughen(rect) {
        for (const tile of this._under(rect)) this._rough.add(tile);
    }

    /** @param {Rect[]} rects of one message show exact pixels now */
    sharpen(rects) {
        if (this.isSharp) return;
        /** @type {Map<number, number>} */
        const covered = new Map();
        for (const rect of rects) {
            for (const tile of this._under(rect)) {
                if (!this._rough.has(tile)) continue;
                const area = shared(rect, this._place(tile));
                covered.set(tile, (covered.get(tile) ?? 0) + area);
            }
        }
        for (const [tile, area] of covered) {
            const { w, h } = this._place(tile);
            if (area >= w * h) this._rough.delete(tile);
        }
    }

    /** @param {number} tile @returns {Rect} */
    _place(tile) {
        const x = (tile % this._columns) * TILE;
        const y = Math.floor(tile / this._columns) * TILE;
        return { x, y, w: Math.min(TILE, this._width - x), h: Math.min(TILE, this._height - y) };
    }

    /** @param {Rect} rect @returns {number[]} */
    _under({ x, y, w, h }) {
        const tiles = [];
        const right = Math.floor((x + w - 1) / TILE);
        const bottom = Math.floor((y + h - 1) / TILE);
        for (let row = Math.floor(y / TILE); row <= bottom; row += 1) {
            for (let column = Math.floor(x / TILE); column <= right; column += 1) {
                tiles.push(row * this._columns + column);
            }
        }
        return tiles;
    }
}

/**
 * @param {Rect} one
 * @param {Rect} other
 * @returns {number} pixels in both
 */
export function shared(one, other) {
    const w = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
    const h = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
    return w > 0 && h > 0 ? w * h : 0;
}
