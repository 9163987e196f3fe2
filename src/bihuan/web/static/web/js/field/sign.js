// A signature with a finger, a pen or a mouse.
import { blobOf, digested } from "./photo.js";

export function signaturePad(box) {
  const canvas = box.querySelector("canvas");
  const ink = canvas.getContext("2d");
  let last = null;
  let written = false;

  const clear = () => {
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, canvas.width, canvas.height);
    written = false;
  };
  const spot = (event) => {
    const frame = canvas.getBoundingClientRect();
    const scale = canvas.width / frame.width;
    return [(event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = spot(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = spot(event);
    Object.assign(ink, { lineWidth: 4, lineCap: "round", strokeStyle: "#111" });
    ink.beginPath();
    ink.moveTo(...last);
    ink.lineTo(...next);
    ink.stroke();
    last = next;
    written = true;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => { last = null; });
  }
  box.querySelector("[data-clear]").addEventListener("click", clear);
  clear();

  return async () => {
    if (!written) return null;
    const bytes = await (await blobOf(canvas, "image/png")).arrayBuffer();
    return { shot: { sha256: await digested(bytes), at: new Date().toISOString() }, bytes };
  };
}
