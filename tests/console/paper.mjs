// A canvas of memory: as much of one as the console draws with.

/** What a page has and node has not. */
export class Image {
    /**
     * @param {Uint8ClampedArray} data
     * @param {number} width
     * @param {number} height
     */
    constructor(data, width, height) {
        if (data.length !== width * height * 4) throw new RangeError("its size");
        this.data = data;
        this.width = width;
        this.height = height;
    }
}

/** A canvas that can be looked at. */
export class Paper {
    constructor() {
        this.ownerDocument = { createElement: () => new Paper() };
        this.style = { width: "", height: "" };
        this.parentElement = null;
        this.puts = 0;
        this._width = 0;
        this._height = 0;
        this.pixels = new Uint8ClampedArray();
    }

    get width() {
        return this._width;
    }

    set width(width) {
        this._width = width;
        this.pixels = new Uint8ClampedArray(width * this._height * 4);
    }

    get height() {
        return this._height;
    }

    set height(height) {
        this._height = height;
        this.pixels = new Uint8ClampedArray(this._width * height * 4);
    }

    getBoundingClientRect() {
        return { left: 0, top: 0, width: this._width, height: this._height };
    }

    getContext() {
        return {
            /** @param {number} width @param {number} height */
            createImageData: (width, height) =>
                new Image(new Uint8ClampedArray(width * height * 4), width, height),
            /**
             * @param {Image} image
             * @param {number} dx
             * @param {number} dy
             * @param {number} x
             * @param {number} y
             * @param {number} w
             * @param {number} h
             */
            putImageData: (image, dx, dy, x = 0, y = 0, w = image.width, h = image.height) => {
                this.puts += 1;
                this._copy(image.data, image.width, image.height, dx, dy, { x, y, w, h });
            },
            /** @param {Paper} from @param {number} dx @param {number} dy */
            drawImage: (from, dx, dy) => {
                const whole = { x: 0, y: 0, w: from.width, h: from.height };
                this._copy(from.pixels, from.width, from.height, dx, dy, whole);
            },
        };
    }

    /**
     * @param {number} x
     * @param {number} y
     * @returns {number[]} red, green, blue, alpha
     */
    at(x, y) {
        const from = (y * this._width + x) * 4;
        return [...this.pixels.subarray(from, from + 4)];
    }

    /**
     * @param {Uint8ClampedArray} data
     * @param {number} width
     * @param {number} height
     * @param {number} dx
     * @param {number} dy
     * @param {{ x: number, y: number, w: number, h: number }} part
     */
    _copy(data, width, height, dx, dy, part) {
        for (let y = Math.max(part.y, 0); y < Math.min(part.y + part.h, height); y += 1) {
            for (let x = Math.max(part.x, 0); x < Math.min(part.x + part.w, width); x += 1) {
                const [toX, toY] = [x + dx, y + dy];
                if (toX < 0 || toY < 0 || toX >= this._width || toY >= this._height) continue;
                const from = (y * width + x) * 4;
                this.pixels.set(data.subarray(from, from + 4), (toY * this._width + toX) * 4);
            }
        }
    }
}

/** @param {Paper} paper @returns {HTMLCanvasElement} */
export const asCanvas = (paper) =>
    /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (paper));

/** Put what a page has where modules look for it. */
export function likeAPage() {
    Object.assign(globalThis, { ImageData: Image });
}
