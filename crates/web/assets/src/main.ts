// The script of every page. The pages work without it; it swaps fragments, and attaches the behaviours.
import "./page/swapping";
import { start } from "./page/behaviour";
import "./behaviours/autosubmit";
import "./behaviours/check";
import "./behaviours/dialog";
import "./behaviours/draft";
import "./behaviours/drawer";
import "./behaviours/menu";
import "./behaviours/problems";
import "./behaviours/relative";
import "./behaviours/submit";
import "./behaviours/toast";
import "./behaviours/zone";
import "./live/page";

start(document);
