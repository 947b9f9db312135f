// <form data-zone>: sends the time zone of the browser along.
import { behaviour } from "../page/behaviour";

behaviour("data-zone", (form) => {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "zone";
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  form.append(field);
});
