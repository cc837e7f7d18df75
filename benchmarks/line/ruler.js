// The ruler: what is on a canvas, and when. The same for every console.
//
// It reads the canvas once in each of the browser's frames, and only while something
// is being measured: places of a few pixels; the whole picture only once all places are
// right. Times are the wall clock's, in milliseconds.

(() => {
    const WIDTH = 1366;
    const HEIGHT = 768;
    const PAGE = HEIGHT - 40;
    const SMALL = 8;
    const BARS = { x: 900, y: PAGE + 16, side: 8, count: 16 };
    /** A picture an eighth as large is as much alike as this, in dB. */
    const RECOGNISED_DB = 25;
    /** The page itself is as much alike as this: nobody sees a difference. */
    const CLEAN_DB = 38;

    const ACROSS = Math.floor(WIDTH / SMALL);
    const DOWN = Math.floor(PAGE / SMALL);
    const shrunk = new OffscreenCanvas(ACROSS, DOWN).getContext("2d", {
        willReadFrequently: true,
        alpha: false,
    });
    shrunk.imageSmoothingQuality = "medium";
    const copy = new OffscreenCanvas(WIDTH, HEIGHT);
    const context = copy.getContext("2d", { willReadFrequently: true, alpha: false });
    const known = new Map();
    let canvas = null;
    let excluded = [];
    /** Which cells of the small picture are excluded. */
    let hidden = new Uint8Array(ACROSS * DOWN);

    const clock = () => performance.timeOrigin + performance.now();
    const words = (data) => new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
    const take = () => context.drawImage(canvas, 0, 0);
    const read = (x, y, w, h) => words(context.getImageData(x, y, w, h).data);

    /**
     * The page an eighth as large each way, as the browser itself makes it smaller.
     * Never of the console's canvas itself: one that nothing was drawn on yet leaves
     * what was there before, in Chromium 156.
     */
    function small(source) {
        shrunk.drawImage(source, 0, 0, WIDTH, PAGE, 0, 0, ACROSS, DOWN);
        return shrunk.getImageData(0, 0, ACROSS, DOWN).data;
    }

    function likeness(seen, wanted) {
        let sum = 0;
        let count = 0;
        for (let at = 0; at < seen.length; at += 4) {
            const cell = at / 4;
            if (hidden[cell]) continue;
            count += 3;
            for (let colour = 0; colour < 3; colour += 1) {
                sum += (seen[at + colour] - wanted[at + colour]) ** 2;
            }
        }
        return sum ? 10 * Math.log10((255 * 255 * count) / sum) : 99;
    }

    /** How much alike a page is, every fourth row, in dB; excluded places count too. */
    function fidelity(seen, wanted, offset) {
        let sum = 0;
        for (let y = 0; y < PAGE; y += 4) {
            const line = y * WIDTH;
            const other = (y + offset) * WIDTH;
            for (let x = 0; x < WIDTH; x += 1) {
                const a = seen[line + x];
                const b = wanted[other + x];
                if (a === b) continue;
                sum += ((a & 255) - (b & 255)) ** 2;
                sum += (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2;
                sum += (((a >> 16) & 255) - ((b >> 16) & 255)) ** 2;
            }
        }
        return sum ? 10 * Math.log10((255 * 255 * 3 * (PAGE / 4) * WIDTH) / sum) : 99;
    }

    const isExcluded = (x, y, w, h) =>
        excluded.some(
            (one) => x < one.x + one.w && one.x < x + w && y < one.y + one.h && one.y < y + h,
        );

    function spots() {
        const found = [];
        for (let row = 0; row < 12; row += 1) {
            for (let column = 0; column < 8; column += 1) {
                const x = 30 + column * 168 + ((row * 37) % 60);
                const y = 8 + row * 60 + ((column * 23) % 40);
                if (!isExcluded(x, y, 40, 8)) found.push([x, y, 40, 8]);
            }
        }
        return found;
    }

    /** Whether a small place is as wanted; `offset`: rows that the page is scrolled by. */
    function isRight([x, y, w, h], wanted, offset) {
        const seen = read(x, y, w, h);
        for (let row = 0; row < h; row += 1) {
            const from = (y + row + offset) * WIDTH + x;
            for (let column = 0; column < w; column += 1) {
                if (seen[row * w + column] !== wanted[from + column]) return false;
            }
        }
        return true;
    }

    /** Pixels of the page that are not as wanted, excluded places aside. */
    function wrong(seen, wanted, offset) {
        let count = 0;
        for (let y = 0; y < PAGE; y += 1) {
            const line = y * WIDTH;
            const other = (y + offset) * WIDTH;
            const holes = excluded.filter((one) => y >= one.y && y < one.y + one.h);
            for (let x = 0; x < WIDTH; x += 1) {
                if (seen[line + x] !== wanted[other + x]) {
                    if (!holes.some((one) => x >= one.x && x < one.x + one.w)) count += 1;
                }
            }
        }
        return count;
    }

    function barcode() {
        const seen = read(BARS.x, BARS.y, BARS.side * BARS.count, BARS.side);
        let number = 0;
        for (let bit = 0; bit < BARS.count; bit += 1) {
            const middle = 4 * BARS.side * BARS.count + bit * BARS.side + 4;
            if ((seen[middle] & 255) < 128) number += 2 ** bit;
        }
        return number;
    }

    let running = 0;
    /** Look in each frame until `look` says that it has seen enough. */
    function watch(look) {
        running += 1;
        const mine = running;
        const turn = () => {
            if (mine !== running) return;
            if (canvas?.isConnected && canvas.width === WIDTH) {
                const began = performance.now();
                take();
                const isDone = look();
                ruler.cost = Math.max(ruler.cost, performance.now() - began);
                ruler.spent += performance.now() - began;
                ruler.turns += 1;
                if (isDone) return;
            }
            requestAnimationFrame(turn);
        };
        requestAnimationFrame(turn);
    }

    const ruler = {
        /** What looking cost: the longest turn and all of them, in ms; how many. */
        cost: 0,
        spent: 0,
        turns: 0,
        /** Find the canvas; it may come later, or be another one after a reconnect. */
        use(selector) {
            const find = () => {
                canvas = document.querySelector(selector) ?? canvas;
                if (canvas?.width !== WIDTH) setTimeout(find, 5);
            };
            canvas = null;
            find();
        },
        isThere: () => canvas?.width === WIDTH && canvas?.height === HEIGHT,
        now: () => clock(),
        exclude(rects) {
            excluded = rects;
            hidden = new Uint8Array(ACROSS * DOWN);
            for (let cell = 0; cell < hidden.length; cell += 1) {
                const [x, y] = [(cell % ACROSS) * SMALL, Math.floor(cell / ACROSS) * SMALL];
                hidden[cell] = isExcluded(x, y, SMALL, SMALL) ? 1 : 0;
            }
        },
        async learn(name, png) {
            const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
            const picture = await createImageBitmap(new Blob([bytes]), {
                colorSpaceConversion: "none",
            });
            const other = new OffscreenCanvas(picture.width, picture.height);
            const drawing = other.getContext("2d", { alpha: false });
            drawing.drawImage(picture, 0, 0);
            const data = drawing.getImageData(0, 0, picture.width, picture.height).data;
            const pixels = words(data);
            known.set(name, { pixels, small: small(other) });
        },
        /** Wait for a page; `offset`: it is scrolled by so many rows. */
        expect(name, offset = 0) {
            const wanted = known.get(name);
            const seen = { changed: 0, recognised: 0, clean: 0, sharp: 0 };
            Object.assign(seen, { wrong: -1, before: 0, dB: 0 });
            let judgedAt = 0;
            let lookedAt = 0;
            let before = null;
            let triedAt = 0;
            ruler.seen = seen;
            watch(() => {
                const now = clock();
                if (!seen.changed) {
                    const line = read(0, 100, WIDTH, 2).join();
                    before ??= line;
                    if (line !== before) seen.changed = now;
                }
                if (!seen.recognised && !offset && now - lookedAt > 30) {
                    lookedAt = now;
                    const alike = likeness(small(copy), wanted.small);
                    seen.before ||= alike;
                    if (alike >= RECOGNISED_DB) seen.recognised = now;
                }
                // A large step: it costs the browser as much as drawing the page does.
                if (seen.recognised && !seen.clean && now - judgedAt > 250) {
                    judgedAt = now;
                    seen.dB = fidelity(read(0, 0, WIDTH, PAGE), wanted.pixels, offset);
                    if (seen.dB >= CLEAN_DB) seen.clean = now;
                }
                if (!spots().every((place) => isRight(place, wanted.pixels, offset))) {
                    return false;
                }
                if (now - triedAt < 15) return false;
                triedAt = now;
                seen.wrong = wrong(read(0, 0, WIDTH, PAGE), wanted.pixels, offset);
                if (seen.wrong) return false;
                seen.sharp = now;
                seen.recognised ||= now;
                seen.clean ||= now;
                return true;
            });
        },
        /** Count what is wrong now, and how much alike it is. */
        judge(name, offset = 0) {
            const wanted = known.get(name);
            take();
            const seen = read(0, 0, WIDTH, PAGE);
            const dB = fidelity(seen, wanted.pixels, offset);
            return { wrong: wrong(seen, wanted.pixels, offset), dB };
        },
        /** Wait for ink at a place after the next key. */
        await_ink(x, y, w, h) {
            const luma = (one) =>
                0.3 * (one & 255) + 0.59 * ((one >> 8) & 255) + 0.11 * ((one >> 16) & 255);
            let before = null;
            const seen = { pressed: 0, shown: 0 };
            ruler.seen = seen;
            const pressed = () => (seen.pressed ||= clock());
            window.addEventListener("keydown", pressed, { capture: true, once: true });
            watch(() => {
                const pixels = read(x, y, w, h);
                before ??= pixels;
                if (!seen.pressed) return false;
                let count = 0;
                for (let at = 0; at < pixels.length; at += 1) {
                    if (Math.abs(luma(pixels[at]) - luma(before[at])) > 60) count += 1;
                }
                if (count < 8) return false;
                seen.shown = clock();
                return true;
            });
        },
        /** Note each new number of the bars; with a name: whether the page fits it. */
        count_frames(name, rows) {
            const wanted = name ? known.get(name).pixels : null;
            const places = spots().filter((_, at) => at % 3 === 0);
            const frames = [];
            ruler.frames = frames;
            let last = -1;
            watch(() => {
                const number = barcode();
                if (number !== last) {
                    last = number;
                    const exact =
                        !wanted ||
                        places.every((place) => isRight(place, wanted, number * rows));
                    frames.push({ at: clock(), number, exact });
                }
                return false;
            });
        },
        /** Note when a place changes for the last time. */
        watch_place(x, y, w, h) {
            let last = null;
            const seen = { changes: 0, first: 0, last: 0 };
            ruler.seen = seen;
            watch(() => {
                const pixels = read(x, y, w, h).join();
                if (last !== null && pixels !== last) {
                    seen.changes += 1;
                    seen.first ||= clock();
                    seen.last = clock();
                }
                last = pixels;
                return false;
            });
        },
        stop() {
            running += 1;
        },
        /** All pixels, as text of base 64, of a place. */
        pixels(x, y, w, h) {
            take();
            const bytes = context.getImageData(x, y, w, h).data;
            let text = "";
            for (let at = 0; at < bytes.length; at += 30_000) {
                text += String.fromCharCode(...bytes.subarray(at, at + 30_000));
            }
            return btoa(text);
        },
    };
    window.ruler = ruler;
})();
