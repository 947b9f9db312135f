// The script of every page. The pages work without it; it swaps fragments, and attaches the behaviours.
import "./page/swapping";
import { start } from "./page/behaviour";
import "./behaviours/dialog";

start(document);
