# Pages below /projects.
